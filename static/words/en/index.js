// English.

import { frame } from "./frame.js";
import { summary } from "./summary.js";
import { timetable } from "./timetable.js";
import { waitlist } from "./waitlist.js";

export const en = { frame, summary, timetable, waitlist };

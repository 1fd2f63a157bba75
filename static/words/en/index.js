// English.

import { frame } from "./frame.js";
import { plan } from "./plan.js";
import { summary } from "./summary.js";
import { timetable } from "./timetable.js";
import { waitlist } from "./waitlist.js";

export const en = { frame, plan, summary, timetable, waitlist };

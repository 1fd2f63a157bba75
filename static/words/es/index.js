// Spanish, as people at a venue speak it.

import { frame } from "./frame.js";
import { summary } from "./summary.js";
import { timetable } from "./timetable.js";
import { waitlist } from "./waitlist.js";

export const es = { frame, summary, timetable, waitlist };

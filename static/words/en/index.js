// English.

import { booking } from "./booking.js";
import { detail } from "./detail.js";
import { evening } from "./evening.js";
import { frame } from "./frame.js";
import { summary } from "./summary.js";
import { timetable } from "./timetable.js";
import { waitlist } from "./waitlist.js";

export const en = { booking, detail, evening, frame, summary, timetable, waitlist };

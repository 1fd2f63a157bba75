// English.

import { booking } from "./booking.js";
import { detail } from "./detail.js";
import { evening } from "./evening.js";
import { frame } from "./frame.js";
import { waitlist } from "./waitlist.js";

export const en = { frame, evening, booking, detail, waitlist };

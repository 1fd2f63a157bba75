// English.

import { frame } from "./frame.js";
import { waitlist } from "./waitlist.js";

export const en = { frame, waitlist };

// Spanish, as people at a venue speak it.

import { frame } from "./frame.js";
import { waitlist } from "./waitlist.js";

export const es = { frame, waitlist };

// Spanish, as people at a venue speak it.

import { frame } from "./frame.js";
import { plan } from "./plan.js";

export const es = { frame, plan };

// Spanish, as people at a venue speak it.

import { frame } from "./frame.js";

export const es = { frame };

// English.

import { frame } from "./frame.js";
import { plan } from "./plan.js";

export const en = { frame, plan };

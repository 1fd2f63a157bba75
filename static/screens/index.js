// The screens of a venue, by their address: what draws each, and who may see it.

import { doorScreen } from "../door/screen.js";
import { t } from "../words/index.js";
import { eveningScreen } from "./evening/screen.js";
import { planScreen } from "./plan/plan.js";
import { statusScreen } from "./status/status.js";
import { summaryScreen } from "./summary/summary.js";
import { waitlistScreen } from "./waitlist/waitlist.js";

export const DOOR = "#/puerta";

// draw(main, desk) mounts a screen and returns { draw, event, stop }; { code, begun, missed, queued }
// where it shows by itself what a scanner reads (the others get a dialog), typed(key) where it has
// keys of its own, paper() where it has something of its own to print.
export const SCREENS = [
  { address: "#/noche", role: "host", label: t.frame.evening, draw: eveningScreen },
  { address: "#/plano", role: "host", label: t.frame.plan, draw: planScreen },
  { address: "#/espera", role: "host", label: t.frame.waitlist, draw: waitlistScreen },
  { address: "#/resumen", role: "host", label: t.frame.summary, draw: summaryScreen },
  { address: "#/estado", role: "owner", label: t.frame.status, draw: statusScreen },
  { address: DOOR, role: "door", label: t.frame.door, draw: doorScreen },
];

// Who opens none, or one that is not for them, gets the first that is.
export function screenAt(address, may) {
  const allowed = SCREENS.filter(({ role }) => may(role));
  return allowed.find((each) => each.address === address) ?? allowed[0];
}

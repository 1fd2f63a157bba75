// The screens of a venue, by their address: what draws each, and who may see it. One is loaded when
// it is opened; the others follow when nothing else is to be done.

import { t } from "../words/index.js";

export const DOOR = "#/puerta";

// load() brings draw(main, desk), which mounts a screen and returns { draw, event, stop };
// { code, begun, missed, queued } where it shows by itself what a scanner reads (the others get a
// dialog), typed(key) where it has keys of its own, paper() where it has something of its own to
// print. Those with `menu` are reached by the account's menu.
export const SCREENS = [
  { address: "#/noche", role: "host", label: t.frame.evening, load: async () => (await import("./evening/screen.js")).eveningScreen },
  { address: "#/plano", role: "host", label: t.frame.plan, load: async () => (await import("./plan/plan.js")).planScreen },
  { address: "#/espera", role: "host", label: t.frame.waitlist, load: async () => (await import("./waitlist/waitlist.js")).waitlistScreen },
  { address: "#/resumen", role: "host", label: t.frame.summary, load: async () => (await import("./summary/summary.js")).summaryScreen },
  { address: DOOR, role: "door", label: t.frame.door, load: async () => (await import("../door/screen.js")).doorScreen },
  { address: "#/ajustes", role: "owner", label: t.frame.settings, menu: true, load: async () => (await import("./settings/settings.js")).settingsScreen },
  { address: "#/registro", role: "owner", label: t.frame.registro, menu: true, load: async () => (await import("./registro/registro.js")).registroScreen },
  { address: "#/personas", role: "owner", label: t.people.title, menu: true, load: async () => (await import("./people/people.js")).peopleScreen },
  { address: "#/dispositivos", role: "owner", label: t.devices.screen, menu: true, load: async () => (await import("./gadgets/gadgets.js")).gadgetsScreen },
  { address: "#/estado", role: "owner", label: t.frame.status, menu: true, load: async () => (await import("./status/status.js")).statusScreen },
];

// What is opened over a screen.
export const loadBooking = async () => (await import("./evening/booking.js")).book;
export const loadDetail = async () => (await import("./evening/detail.js")).detail;

// Who opens none, or one that is not for them, gets the first that is.
export function screenAt(address, may) {
  const allowed = SCREENS.filter(({ role }) => may(role));
  return allowed.find((each) => each.address === address) ?? allowed[0];
}

// Brings what may be opened later, one after the other: a network that is gone then matters less.
export async function loadRest(may) {
  const rest = SCREENS.filter(({ role }) => may(role)).map(({ load }) => load);
  for (const load of [...(may("host") ? [loadDetail, loadBooking] : []), ...rest]) await load().catch(() => {});
}

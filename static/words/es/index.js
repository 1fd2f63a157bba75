// Spanish, as people at a venue speak it.

import { booking } from "./booking.js";
import { connection } from "./connection.js";
import { detail } from "./detail.js";
import { device } from "./device.js";
import { devices } from "./devices.js";
import { door } from "./door.js";
import { entry } from "./entry.js";
import { evening } from "./evening.js";
import { frame } from "./frame.js";
import { incidents } from "./incidents.js";
import { login } from "./login.js";
import { parts } from "./parts.js";
import { people } from "./people.js";
import { person } from "./person.js";
import { plan } from "./plan.js";
import { queue } from "./queue.js";
import { registro } from "./registro.js";
import { scan } from "./scan.js";
import { settings } from "./settings.js";
import { sessions } from "./sessions.js";
import { share } from "./share.js";
import { sheet } from "./sheet.js";
import { stats } from "./stats.js";
import { status } from "./status.js";
import { summary } from "./summary.js";
import { toasts } from "./toasts.js";
import { undo } from "./undo.js";
import { waitlist } from "./waitlist.js";
import { walkin } from "./walkin.js";

export const words = {
  booking,
  connection,
  detail,
  device,
  devices,
  door,
  entry,
  evening,
  frame,
  incidents,
  login,
  parts,
  people,
  person,
  plan,
  queue,
  registro,
  scan,
  settings,
  sessions,
  share,
  sheet,
  stats,
  status,
  summary,
  toasts,
  undo,
  waitlist,
  walkin,
};

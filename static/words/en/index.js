// English, in the words of the trade.

import { connection } from "./connection.js";
import { device } from "./device.js";
import { devices } from "./devices.js";
import { door } from "./door.js";
import { frame } from "./frame.js";
import { incidents } from "./incidents.js";
import { login } from "./login.js";
import { parts } from "./parts.js";
import { queue } from "./queue.js";
import { scan } from "./scan.js";
import { share } from "./share.js";
import { sheet } from "./sheet.js";
import { stats } from "./stats.js";
import { toasts } from "./toasts.js";
import { undo } from "./undo.js";
import { venue } from "./venue.js";
import { waitlist } from "./waitlist.js";
import { walkin } from "./walkin.js";

export const en = {
  connection,
  device,
  devices,
  door,
  frame,
  incidents,
  login,
  parts,
  queue,
  scan,
  share,
  sheet,
  stats,
  toasts,
  undo,
  venue,
  waitlist,
  walkin,
};

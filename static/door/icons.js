// The sign of each verdict: they differ in shape, so that colour is not needed to tell them.

import { drawing } from "../dom.js";

const PATHS = {
  ok: "M5 13l5 5L20 6",
  look: "M8.5 9a3.5 3.5 0 1 1 5.2 3c-1.1.7-1.7 1.4-1.7 2.7M12 19v.01",
  checking: "M5 12h.01M12 12h.01M19 12h.01",
  already_complete: "M1.5 13l4.5 4.5L14.5 7M11.5 16l1.5 1.5L22.5 7",
  party_full: "M8 10.5a3 3 0 1 0-.01 0M1.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16.5 10h6",
  other_night: "M20 14.5A8.5 8.5 0 1 1 10 4a7 7 0 0 0 10 10.5z",
  no_show: "M12 10.5a3.5 3.5 0 1 0-.01 0M5 20c0-4 3-6 7-6 1.5 0 3 .3 4.2 1M3 3l18 18",
  finished: "M6 21V4h12l-3 4 3 4H6",
  offline: "M2.5 9a15 15 0 0 1 19 0M6 13a10 10 0 0 1 12 0M9.5 17a4 4 0 0 1 5 0M4 3l16 18",
  waiting: "M7 3h10M7 21h10M8 3c0 5 8 6 8 9s-8 4-8 9M16 3c0 5-8 6-8 9s8 4 8 9",
  conflict: "M3 8h15M14 4l4 4-4 4M21 16H6M10 12l-4 4 4 4",
  too_early: "M12 3a9 9 0 1 0 .01 0M12 7v5.5l3.5 2",
  expired: "M4 6h16v14H4zM4 10.5h16M8 3v4M16 3v4M9.5 13l5 4.5M14.5 13l-5 4.5",
  cancelled: "M5 5l14 14M19 5L5 19",
  invalid_code: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2M20 15v5h-4M2 22L22 2",
  revoked_code: "M12 3a9 9 0 1 0 .01 0M5.7 5.7l12.6 12.6",
  error: "M12 4v10M12 19v.01",
};

export const icon = (verdict) => drawing(PATHS[verdict] ?? PATHS.error);

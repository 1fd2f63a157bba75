// This device at the door: pairing it, its camera, what it does at each scan.

export const device = {
  pairTitle: "Pair this phone",
  pairHint: "It will work the door, without a password. Anyone logged in on it is logged out.",
  pairName: "Name of this phone",
  pairExample: "Door 1",
  pair: "Pair",
  pairUnsure: (problem) => `${problem} If it does not get in, ask for a new code.`,
  unpairTitle: "Unpair this phone?",
  unpairHint: "To use it at the door again, somebody has to pair it once more.",
  unpair: "Unpair and log out",
  onScan: "On each scan",
  modes: { one: "1 guest", all: "Whole party", ask: "Ask" },
  signals: "Signals",
  sound: "Sound",
  vibration: "Vibration",
  screenSleeps: "The screen may turn itself off: keeping it on needs https.",
  camera: "Camera",
  lens: "Choose camera",
  torch: "Torch",
  cameraSays: {
    starting: "Opening the camera…",
    denied: "The browser does not allow the camera: give it permission in its settings.",
    absent: "This device has no camera.",
    insecure: "The camera scans over https only: open the venue’s secure address.",
    failed: "The camera did not start. Close other apps that use it.",
  },
};

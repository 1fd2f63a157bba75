// This device at the door: pairing it, its camera, what it does at each scan.

export const device = {
  pairTitle: "Vincular este teléfono",
  pairHint: "Servirá para la puerta, sin contraseña. Si alguien tiene la sesión abierta en él, se cierra.",
  pairName: "Nombre de este teléfono",
  pairExample: "Puerta 1",
  pair: "Vincular",
  pairUnsure: (problem) => `${problem} Si no entra, pide un código nuevo.`,
  unpairTitle: "¿Desvincular este teléfono?",
  unpairHint: "Para volver a usarlo en la puerta, alguien tiene que vincularlo otra vez.",
  unpair: "Desvincular y salir",
  onScan: "Al escanear",
  modes: { one: "1 persona", all: "Todo el grupo", ask: "Preguntar" },
  signals: "Avisos",
  sound: "Sonido",
  vibration: "Vibración",
  screenSleeps: "La pantalla puede apagarse sola: para evitarlo hace falta https.",
  camera: "Cámara",
  lens: "Elegir cámara",
  torch: "Linterna",
  cameraSays: {
    starting: "Abriendo la cámara…",
    denied: "El navegador no deja usar la cámara: dale permiso en sus ajustes.",
    absent: "Este aparato no tiene cámara.",
    insecure: "Con la cámara se escanea solo por https: abre la dirección segura del local.",
    failed: "La cámara no arrancó. Cierra otras aplicaciones que la usen.",
  },
};

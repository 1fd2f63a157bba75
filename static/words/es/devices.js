// The phones and readers of a venue.

export const devices = {
  box: "Teléfonos",
  title: "Teléfonos y lectores",
  invite: "Vincular un teléfono",
  paired: (name) => `«${name}» quedó vinculado.`,
  remove: "Quitar",
  removeSure: "Sí, quitar",
  seen: (when) => `visto ${when}`,
  unused: "sin usar todavía",
  codeOf: (url) => `Código para vincular: ${url}`,
  howTo: "Escanéalo con la cámara del teléfono. Sirve una sola vez.",
  expired: "El código venció; pide otro.",
  left: (time) => `Vale ${time}`,
  onlyHere: "Esta dirección solo se abre en este equipo: entra a Reservas por su dirección en la red y pide otro código.",
  needsTls: "Sin https el teléfono no puede usar la cámara: pide que ejecuten «reservas tls».",
};

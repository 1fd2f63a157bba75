// A person with their nights, and erasing their data.

export const person = {
  box: "Persona",
  open: "Persona",
  erase: "Borrar sus datos",
  ask: "Se borran su nombre, teléfono, correo, cumpleaños, notas y todo texto suyo, en todas sus noches. Quedan las cantidades: visitas, personas y quién no llegó. No se puede deshacer.",
  confirm: "Sí, borrar para siempre",
  cancel: "No borrar",
  erased: "Datos borrados",
  erasing: "Datos borrados; el archivo se limpia cuando el local esté tranquilo",
};

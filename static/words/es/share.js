// The guest's link of a reservation.

export const share = {
  title: "Reserva",
  file: "reserva.png",
  here: "Esta dirección solo abre en esta computadora: el invitado no podrá abrir el enlace.",
  house: "Esta dirección solo abre en la red del local: fuera de ella el invitado no podrá abrir el enlace.",
  codeChanged: "Su código cambió: el de antes ya no sirve. Envíale el nuevo.",
  link: "Enlace del invitado",
  copy: "Copiar enlace",
  copied: "Copiado",
  share: "Compartir",
  again: "Lista: toca Compartir otra vez.",
};

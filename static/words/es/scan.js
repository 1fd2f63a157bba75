// The list's own small door.

export const scan = {
  title: "Puerta",
  code: "Código QR",
  enter: "Entrar",
};

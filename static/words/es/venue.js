// The settings of a venue.

export const venue = {
  box: "Local",
  cutoff: "La noche termina a las",
  cutoffHint: "Un código vale en su noche. Las reservas que ya están no cambian de noche.",
  margin: "Horas de margen antes y después",
  capacity: "Aforo (personas)",
  unlimited: "Sin límite",
  saved: "Local guardado",
};

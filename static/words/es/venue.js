// The settings of a venue.

export const venue = {
  box: "Local",
  cutoff: "La noche termina a las",
  cutoffHint: "Un código vale en su noche. Las reservas que ya están no cambian de noche.",
  margin: "Horas de margen antes y después",
  capacity: "Aforo (personas)",
  unlimited: "Sin límite",
  export: "Llevarse los datos",
  exportHint: "Todo lo del local en un .zip, para hojas de cálculo y programas.",
  saved: "Local guardado",
};

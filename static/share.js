// Where a guest's link opens, and which number WhatsApp knows a guest by.

const ECUADOR = new Set(["America/Guayaquil", "Pacific/Galapagos"]);
const HOUSE = /^(?=[\d.]+$)(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\.|^\[f[cde]|\.(local|lan|internal|home\.arpa)$|^[^.[]+$/;

// "here": this computer alone; "house": its network; "anywhere".
export function reach(hostname) {
  if (/^127\.|^\[::1\]$|^(.+\.)?localhost$/.test(hostname)) return "here";
  return HOUSE.test(hostname) ? "house" : "anywhere";
}

// Country code and number, digits only; "" where the country is not known for sure.
export function whatsappNumber(phone, timezone) {
  const typed = (phone ?? "").trim().replace(/^00/, "+");
  // +593 (0)98 …: the zero is dialled inside Ecuador alone.
  const digits = typed.replace(/\D/g, "").replace(/^5930(?=\d{8,9}$)/, "593");
  if (typed.startsWith("+")) return /^[1-9]\d{6,14}$/.test(digits) ? digits : "";
  if (!ECUADOR.has(timezone)) return "";
  if (/^0\d{8,9}$/.test(digits)) return `593${digits.slice(1)}`;
  return /^593\d{8,9}$/.test(digits) ? digits : "";
}

export function whatsappLink(phone, timezone, text) {
  return `https://wa.me/${whatsappNumber(phone, timezone)}?text=${encodeURIComponent(text)}`;
}

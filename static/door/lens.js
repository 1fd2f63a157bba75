// Opens one of the device's cameras: the chosen one, else the one that looks away from the person.

const KEY = "reservas.camera";
// Larger pictures cost battery; what does not know a focus mode ignores it.
const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, advanced: [{ focusMode: "continuous" }] };
const GONE = ["NotFoundError", "OverconstrainedError"];

export async function cameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const videos = devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId);
  return videos.map(({ deviceId, label }) => ({ id: deviceId, label }));
}

// {id, label} of the camera that was chosen last, or null.
export function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

export function remember({ id, label }) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ id, label }));
  } catch {
    // a browser that keeps nothing: chosen until the page goes
  }
}

// Returns a stream; rejects as getUserMedia does. The choice is found by its name too: Safari gives
// a camera another id now and then.
export async function openCamera(choice) {
  if (choice) {
    const stream = await only(choice.id);
    if (stream) return stream;
  }
  const stream = await open({ facingMode: { ideal: "environment" } });
  const namesake = choice?.label && (await cameras()).find(({ label }) => label === choice.label);
  if (!namesake || namesake.label === stream.getVideoTracks()[0].label) return stream;
  close(stream); // first: an iPhone has one camera open at a time
  return (await only(namesake.id)) ?? open({ facingMode: { ideal: "environment" } });
}

export function close(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

async function only(id) {
  try {
    return await open({ deviceId: { exact: id } });
  } catch (error) {
    if (GONE.includes(error.name)) return null;
    throw error;
  }
}

const open = (which) => navigator.mediaDevices.getUserMedia({ video: { ...which, ...PICTURE }, audio: false });

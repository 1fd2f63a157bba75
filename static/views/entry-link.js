// The address of a link that lets somebody in: an invitation, a new password, the first set-up.

const ROUTE = /^#\/(invitacion|clave|instalar)\/([\w-]+)$/;

// Returns { kind, code }, or null when the page was opened by no such link.
export function entryLink() {
  const found = location.hash.match(ROUTE);
  return found && { kind: found[1], code: found[2] };
}

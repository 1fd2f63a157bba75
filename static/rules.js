// The house's rules as the server sent them with the session: the page holds no second copy.

export class Rules {
  #states;
  #roles;
  #overruledBy;

  get roles() {
    return this.#roles;
  }

  constructor({ roles, estados, forzables }) {
    this.#roles = roles;
    this.#states = new Map(estados.map((each) => [each.valor, each]));
    this.#overruledBy = new Map(Object.entries(forzables));
  }

  get states() {
    return [...this.#states.values()].map(({ valor, etiqueta }) => ({ value: valor, label: etiqueta }));
  }

  // A state that this page does not know yet is shown by its stored value, and offers no move.
  label({ estado, asistenciaActual }) {
    const state = this.#states.get(estado);
    if (!state) return estado;
    return asistenciaActual > 0 ? state.etiquetaConGente : state.etiqueta;
  }

  moves({ estado, asistenciaActual }) {
    const state = this.#states.get(estado);
    const moves = asistenciaActual > 0 ? state?.pasosConGente : state?.pasos;
    return (moves ?? []).map(({ a, texto }) => ({ to: a, text: texto }));
  }

  // The least role that may let in all the same, or null.
  overruledBy(refusal) {
    return this.#overruledBy.get(refusal) ?? null;
  }

  mayOverrule(refusal, role) {
    return this.reaches(role, this.#overruledBy.get(refusal));
  }

  // Each role may do all that the ones before it may; an unknown one may do nothing.
  reaches(role, needed) {
    return this.#roles.includes(needed) && this.#roles.indexOf(role) >= this.#roles.indexOf(needed);
  }
}

// Reads the text of the literals in a module: comments, code and regular expressions are left out.

const BEFORE_REGEX = /[(,=:[!&|?{};]\s*$|\breturn\s*$|^\s*$/;

// Returns each string, and each part of a template between its blanks.
export function literals(source) {
  const found = [];
  let at = 0;
  code("");
  return found;

  // Reads on until `end` closes what it stands in; "" reads to the end of the module.
  function code(end) {
    let before = "";
    for (let depth = 0; at < source.length; ) {
      const here = source[at];
      const two = source.slice(at, at + 2);
      if (two === "//") at = after("\n");
      else if (two === "/*") at = after("*/");
      else if (here === '"' || here === "'") found.push(quoted(here));
      else if (here === "`") template();
      else if (here === "/" && BEFORE_REGEX.test(before)) regex();
      else if (here === end && depth === 0) return;
      else {
        if (here === "{") depth += 1;
        if (here === "}") depth -= 1;
        before = here === "\n" ? "" : before + here;
        at += 1;
        continue;
      }
      before += "x"; // a value stood there
    }
  }

  function after(mark) {
    const end = source.indexOf(mark, at + 2);
    return end < 0 ? source.length : end + mark.length;
  }

  function quoted(mark) {
    const from = (at += 1);
    while (source[at] !== mark) at += source[at] === "\\" ? 2 : 1;
    at += 1;
    return source.slice(from, at - 1);
  }

  function template() {
    let text = "";
    for (at += 1; source[at] !== "`"; at += 1) {
      if (source.slice(at, at + 2) === "${") {
        found.push(text);
        text = "";
        at += 2;
        code("}");
      } else text += source[at] === "\\" ? source[(at += 1)] : source[at];
    }
    at += 1;
    found.push(text);
  }

  function regex() {
    for (let inClass = false, first = true; first || inClass || source[at] !== "/"; at += 1, first = false) {
      if (source[at] === "[") inClass = true;
      else if (source[at] === "]") inClass = false;
      else if (source[at] === "\\") at += 1;
    }
    at += 1;
  }
}

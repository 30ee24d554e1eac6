/* Command lines as pages show them: POSIX shell, as far as our pages use it. */

export interface CommandLine {
  /** Without what is in front of it: assignments, and what reads its output. Quotes are taken off. */
  readonly words: readonly string[];
  /** Variables that are set in front of it. */
  readonly sets: readonly string[];
}

const OPERATORS = /^(&&|\|\||;|\||\n)/;

/** The commands of a block, those in `$(…)` included. Throws where a quote or bracket is not closed. */
export function commandLines(block: string): readonly CommandLine[] {
  const found: CommandLine[] = [];
  let words: string[] = [];
  let sets: string[] = [];
  let rest = block.replaceAll('\\\n', ' ');
  const end = () => {
    if (words.length > 0 || sets.length > 0) found.push({ words, sets });
    words = [];
    sets = [];
  };
  while (rest !== '') {
    const operator = OPERATORS.exec(rest);
    if (operator) {
      end();
      rest = rest.slice(operator[0].length);
    } else if (/^\s/.test(rest)) rest = rest.slice(1);
    else if (rest.startsWith('#')) rest = rest.replace(/^[^\n]*/, '');
    else {
      const { text, length, inner } = word(rest);
      const raw = rest.slice(0, length);
      found.push(...inner.flatMap(commandLines));
      rest = rest.slice(length);
      if (words.length === 0 && /^[A-Za-z_]\w*=/.test(raw)) sets.push(raw.slice(0, raw.indexOf('=')));
      else if (/^\d?>/.test(raw)) rest = rest.replace(/^[ \t]*\S+/, (target) => (/>\S/.test(raw) ? target : ''));
      else words.push(text);
    }
  }
  end();
  return found;
}

/** The first word: its text without quotes, its length, and the commands in its `$(…)`. */
function word(text: string): { text: string; length: number; inner: string[] } {
  let value = '';
  const inner: string[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const char = rest.charAt(0);
    if (rest.startsWith('$(')) {
      const end = closing(rest);
      inner.push(rest.slice(2, end));
      value += rest.slice(0, end + 1);
      at += end + 1;
    } else if (char === "'" || char === '"') {
      const end = char === "'" ? rest.indexOf(char, 1) : closingDouble(rest);
      if (end < 0) throw new Error(`a ${char} is not closed: ${text.split('\n')[0]}`);
      const quoted = rest.slice(1, end);
      if (char === '"') inner.push(...[...quoted.matchAll(/\$\(([^)]*)\)/g)].map(([, each = '']) => each));
      value += char === '"' ? quoted.replaceAll(/\\(["\\$`])/g, '$1') : quoted;
      at += end + 1;
    } else if (char === '\\') {
      value += rest.charAt(1);
      at += 2;
    } else if (char === '<' && /^<[a-z][a-z0-9-]*>/.test(rest)) {
      const [placeholder = ''] = /^<[^>]*>/.exec(rest) ?? [];
      value += placeholder;
      at += placeholder.length;
    } else if (/[\s;|]/.test(char) || rest.startsWith('&&')) break;
    else {
      value += char;
      at += 1;
    }
  }
  return { text: value, length: at, inner };
}

function closing(text: string): number {
  let depth = 0;
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return at;
  }
  throw new Error(`a $( is not closed: ${text.split('\n')[0]}`);
}

function closingDouble(text: string): number {
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}

/**
 * The commands that a line of usage means: `[--out <folder>]` may be left out, `list|replay` is one of both. Each alternative is a line;
 * of what may be left out there is one line with all of it and one with none.
 */
export function variants(usage: string): readonly string[] {
  const optional = usage.replaceAll(/\[([^[\]]*)\]/g, '$1');
  const without = usage.replaceAll(/\s*\[[^[\]]*\]/g, '');
  return [...new Set([optional, without].flatMap(alternatives))];
}

function alternatives(line: string): readonly string[] {
  const choice = /(?<=^|\s)[\w-]+(?:\|[\w-]+)+(?=\s|$)/.exec(line);
  if (!choice) return [line];
  const [found] = choice;
  return found
    .split('|')
    .flatMap((each) => alternatives(line.slice(0, choice.index) + each + line.slice(choice.index + found.length)));
}

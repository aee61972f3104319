import { ExpressionError } from '../errors.ts';
import { complainAboutCount, complainAboutType, type FunctionDeclaration } from '../function.ts';
import type { Nature } from '../nature.ts';
import type { Node } from '../tree.ts';

/** The nature of what a call returns. `given` comes before the arguments: the receiver of a method. */
export function checkArguments(
  call: Node,
  declaration: FunctionDeclaration,
  args: readonly Node[],
  given: readonly Nature[],
  visit: (node: Node) => Nature,
): Nature {
  const complaint = complainAboutCount(declaration, given.length + args.length);
  if (complaint) throw new ExpressionError('compile', complaint, call.start);
  const found = [...given];
  for (const argument of args) found.push(visit(argument));
  for (const [index, nature] of found.entries()) {
    const wrong = complainAboutType(declaration, index, nature);
    if (wrong) throw new ExpressionError('compile', wrong, args[index - given.length]?.start ?? call.start);
  }
  const { result } = declaration;
  const nature = typeof result === 'function' ? result(found) : result;
  if (typeof nature === 'string') throw new ExpressionError('compile', nature, call.start);
  return nature;
}

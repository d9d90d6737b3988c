/**
 * The rules of this project that need a syntax tree; `deno lint` runs them with its own. What a
 * text or the module graph shows is checked by tests/unit/tidy_test.ts.
 *
 * @module
 */

/** No function is longer than this. */
export const MAX_FUNCTION_LINES = 70;

/**
 * What only gets its inputs passed in: no I/O, no clock, no randomness. tests/unit/tidy_test.ts
 * sees to it that these import nothing but each other.
 */
export const PURE: RegExp =
  /\/src\/(wire\/|control\/|board\/protocol\/|(errors|version|seeded_random)\.ts)/;

const IMPURE_NAMES = new Set(
  ["Deno", "performance", "crypto", "console", "fetch", "Worker", "Temporal", "process"].concat(
    ["setTimeout", "setInterval", "queueMicrotask", "globalThis", "navigator", "WebSocket"],
  ),
);
const IMPURE_MEMBERS = new Set(["Date.now", "Math.random"]);

const plugin: Deno.lint.Plugin = {
  name: "fand",
  rules: {
    "function-length": {
      create(context) {
        const text = context.sourceCode.text;
        const check = (node: Deno.lint.Node): void => {
          const lines = text.slice(...node.range).split("\n").length;
          if (lines <= MAX_FUNCTION_LINES) return;
          context.report({
            range: [node.range[0], node.range[0] + 1],
            message: `This function has ${lines} lines; ${MAX_FUNCTION_LINES} are the most`,
            hint: "Give a part of it a name of its own",
          });
        };
        return {
          FunctionDeclaration: check,
          FunctionExpression: check,
          ArrowFunctionExpression: check,
        };
      },
    },
    pure: {
      create(context) {
        if (!PURE.test(context.filename)) return {};
        const refuse = (node: Deno.lint.Node, name: string): void =>
          context.report({
            node,
            message: `${name} in a pure part`,
            hint: "Time, randomness and I/O are passed in",
          });
        return {
          Identifier(node) {
            if (IMPURE_NAMES.has(node.name) && !isPropertyName(node)) refuse(node, node.name);
          },
          MemberExpression(node) {
            const name = context.sourceCode.getText(node);
            if (IMPURE_MEMBERS.has(name)) refuse(node, name);
          },
          "NewExpression[callee.name='Date'][arguments.length=0]": (node: Deno.lint.Node) =>
            refuse(node, "new Date()"),
        };
      },
    },
    "no-sleep-in-test": {
      create(context) {
        if (!/\/tests\/(?!support\/)/.test(context.filename)) return {};
        const refuse = (node: Deno.lint.Node): void =>
          context.report({
            node,
            message: "A test that waits for time to pass",
            hint: "Await the event (tests/support/process.ts), or use a VirtualClock",
          });
        return {
          "CallExpression[callee.name=/^(setTimeout|setInterval)$/]": refuse,
          "ImportDeclaration[source.value='node:timers/promises'] > ImportSpecifier": (
            node: Deno.lint.ImportSpecifier,
          ) => {
            if (context.sourceCode.getText(node.imported) !== "setImmediate") refuse(node);
          },
        };
      },
    },
    "no-silent-skip": {
      create(context) {
        if (!/\/tests\/(?!support\/)/.test(context.filename)) return {};
        const refuse = (node: Deno.lint.Node): void =>
          context.report({
            node,
            message: "A test that is left out without telling why",
            hint: "Use testWith of tests/support/test_with.ts, which prints what is missing",
          });
        return {
          "MemberExpression[object.name='Deno'][property.name='only']": refuse,
          "MemberExpression[property.name=/^(ignore|only|skip)$/][object.property.name='test']":
            refuse,
          "Property[key.name=/^(ignore|only)$/]": refuse,
        };
      },
    },
  },
};

export default plugin;

/** Whether a name stands for a property or a key, and not for the global of that name. */
function isPropertyName(node: Deno.lint.Identifier): boolean {
  const parent = node.parent as Deno.lint.Node | undefined;
  if (parent === undefined) return false;
  if (parent.type === "MemberExpression") return parent.property === node && !parent.computed;
  return /^(Property|PropertyDefinition|MethodDefinition|TS\w*Signature)$/.test(parent.type) &&
    "key" in parent && parent.key === node;
}

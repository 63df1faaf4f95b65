import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const closed = (...patterns) => ({
  "no-restricted-imports": ["error", { patterns: patterns.map(([regex, message]) => ({ regex, message })) }],
});

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/lib/api/schema.d.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, reactHooks.configs.flat.recommended, jsxA11y.flatConfigs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "max-lines": ["error", 250],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // A French text is full of unbreakable spaces, and they belong there.
      "no-irregular-whitespace": ["error", { skipStrings: true, skipTemplates: true, skipJSXText: true }],
      // Safari drops the list role of unstyled lists: saying it again is the known remedy.
      "jsx-a11y/no-redundant-roles": ["error", { ul: ["list"], ol: ["list"] }],
    },
  },
  // The directions of the house: app joins features, a feature knows lib and components, lib knows nobody.
  { files: ["src/features/**"], rules: closed(["^\\.\\./[a-z]", "A feature never imports another feature."], ["/app/", "A feature never imports app."]) },
  { files: ["src/components/**"], rules: closed(["/(features|app)/", "A component knows lib only."]) },
  { files: ["src/lib/**"], rules: closed(["/(features|app|components)/", "lib knows nobody."]) },
  {
    files: ["e2e/**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly", Request: "readonly", document: "readonly", window: "readonly", PerformanceObserver: "readonly" } },
  },
);

// What stands for `import.meta.url` in CommonJS builds, injected where a package uses it. A path is not a URL: in one with #, %, ? or a space
// only pathToFileURL escapes what must be escaped.
const urlOfThisFile = () =>
  typeof document === 'undefined'
    ? require('node:url').pathToFileURL(__filename).href
    : (document.currentScript?.src ?? new URL('main.js', document.baseURI).href);

export const importMetaUrl = /* @__PURE__ */ urlOfThisFile();

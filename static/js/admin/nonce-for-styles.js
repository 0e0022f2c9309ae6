// Wagtail's rich text editor writes <style> elements by script. They get this page's nonce, so that the policy can go
// on refusing every <style> that arrives as markup. Loaded first, before anything writes one.
const { nonce } = document.currentScript;
const create = Document.prototype.createElement;

Document.prototype.createElement = function createElement(name, ...rest) {
  const element = create.call(this, name, ...rest);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
};

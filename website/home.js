// The divider of before | after: a range input lies over both pictures, so that mouse, finger and arrow keys move it.
for (const figure of document.querySelectorAll(".compare")) {
  const [first, input] = [figure.querySelector("img"), figure.querySelector("input")];
  const add = (kind, words) => Object.assign(figure.appendChild(document.createElement("span")), { className: kind, textContent: words });
  const handle = add("handle", "");
  add("said before", figure.dataset.before);
  add("said after", figure.dataset.after);
  const fit = () => { for (const part of [handle, input]) part.style.height = `${first.clientHeight}px`; };
  new ResizeObserver(fit).observe(first);
  input.addEventListener("input", () => figure.style.setProperty("--at", `${input.value}%`));
}
// The tab of the visitor's own system is opened.
const system = /Win/.test(navigator.platform) ? "Windows" : /Mac|iP/.test(navigator.platform) ? "macOS" : "Linux";
for (const label of document.querySelectorAll(".tabbed-labels label")) {
  if (label.textContent.trim() === system) label.click();
}

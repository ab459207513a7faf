"use strict";
// Filtering and sorting only: without this script every table, chart and error is there all the same.
document.documentElement.classList.add("scripted");
const list = document.getElementById("list");
const form = document.getElementById("filter");
const articles = [...list.querySelectorAll("article")];
const homes = new Map(articles.map((article) => [article, article.parentElement]));
const flat = document.createElement("section");
let side = "";

const fill = (name, values) => {
  for (const value of [...new Set(values)].filter(Boolean).sort()) form.elements[name].append(new Option(value, value));
};
fill("level", articles.map((article) => article.dataset.level));
fill("kind", articles.map((article) => article.dataset.kind));
fill("name", articles.flatMap((article) => [article.dataset.gold, article.dataset.found]));

const named = (article, name) =>
  side ? article.dataset[side] === name : article.dataset.gold === name || article.dataset.found === name;
const arrange = () => {
  const order = form.elements.order.value;
  if (order) {
    const key = (article) => article.dataset[order];
    flat.replaceChildren(...[...articles].sort((left, right) => key(left).localeCompare(key(right))));
    list.append(flat);
  } else {
    flat.remove();
    for (const article of articles) homes.get(article).append(article);
  }
};
const show = () => {
  const { level, kind, name, words } = Object.fromEntries(new FormData(form));
  let count = 0;
  for (const article of articles) {
    const wanted = (!level || article.dataset.level === level) && (!kind || article.dataset.kind === kind) &&
      (!name || named(article, name)) && (!words || article.textContent.toLowerCase().includes(words.toLowerCase()));
    article.hidden = !wanted;
    count += wanted;
  }
  for (const home of list.querySelectorAll(".faults")) home.hidden = !home.querySelector("article:not([hidden])");
  form.querySelector("output").textContent = `${count} of ${articles.length}`;
};
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", (event) => { if (event.target.name !== "words") side = ""; arrange(); show(); });
form.addEventListener("reset", () => { side = ""; setTimeout(() => { arrange(); show(); }); });
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-level]");
  if (!link) return;
  event.preventDefault();
  form.reset();
  setTimeout(() => {
    side = link.dataset.gold ? "gold" : "found";
    form.elements.level.value = link.dataset.level;
    form.elements.name.value = link.dataset.gold || link.dataset.found;
    arrange();
    show();
    document.getElementById("errors").scrollIntoView();
  });
});
for (const head of document.querySelectorAll(".sortable thead th")) {
  head.addEventListener("click", () => {
    const at = [...head.parentElement.children].indexOf(head);
    const body = head.closest("table").tBodies[0];
    const down = head.dataset.down !== "yes";
    head.dataset.down = down ? "yes" : "no";
    const value = (row) => row.children[at].textContent.trim();
    const compare = (left, right) => value(left).localeCompare(value(right), undefined, { numeric: true });
    body.append(...[...body.rows].sort((left, right) => (down ? compare(right, left) : compare(left, right))));
  });
}
show();

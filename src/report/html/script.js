'use strict';
(() => {
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  document.documentElement.classList.add('js');
  const said = document.querySelector('#said');

  // Commands are copied by one listener for all buttons.
  const copy = (text) => navigator.clipboard
    ? navigator.clipboard.writeText(text)
    : Promise.reject(new Error('no clipboard'));
  const select = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  document.addEventListener('click', (event) => {
    const button = event.target.closest('.copy');
    if (!button) return;
    const code = button.previousElementSibling;
    const tell = (words) => {
      button.textContent = words;
      said.textContent = words;
      setTimeout(() => { button.textContent = 'Copy'; said.textContent = ''; }, 2000);
    };
    copy(code.textContent).then(() => tell('Copied'), () => { select(code); tell('Selected'); });
  });

  // Paper has all that is folded.
  let folded = [];
  addEventListener('beforeprint', () => {
    folded = all('main details:not([open])');
    for (const fold of folded) fold.open = true;
  });
  addEventListener('afterprint', () => {
    for (const fold of folded) fold.open = false;
    folded = [];
  });

  const filters = document.querySelector('.filters');
  if (!filters) return;
  const cards = all('.card');
  const sections = all('section.cards');
  const facets = all('select', filters);
  const search = filters.querySelector('input');
  const status = filters.querySelector('output');
  const texts = new Map();
  const textOf = (card) => {
    if (!texts.has(card)) texts.set(card, card.textContent.toLowerCase());
    return texts.get(card);
  };
  const apply = () => {
    const chosen = facets.filter((facet) => facet.value).map((facet) => [facet.dataset.facet, facet.value]);
    const words = search.value.trim().toLowerCase();
    let shown = 0;
    for (const card of cards) {
      const has = ([facet, value]) => (card.dataset[facet] || '').split('\n').includes(value);
      const fits = chosen.every(has) && (!words || textOf(card).includes(words));
      card.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const section of sections) section.hidden = !section.querySelector('.card:not([hidden])');
    const total = cards.length;
    status.textContent = shown === total ? `${total} shown` : `${shown} of ${total} shown`;
  };
  let waiting = 0;
  search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 150);
  });
  for (const facet of facets) facet.addEventListener('change', apply);
  filters.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do]');
    if (!button) return;
    if (button.dataset.do === 'clear') {
      for (const facet of facets) facet.value = '';
      search.value = '';
      apply();
    } else {
      const open = button.getAttribute('aria-pressed') !== 'true';
      for (const fold of all('main details')) fold.open = open;
      button.setAttribute('aria-pressed', String(open));
    }
  });
})();

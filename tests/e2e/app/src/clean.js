// The page asks its own server, which has the key: see server/index.js.
const out = document.getElementById('app');
const id = new URLSearchParams(location.search).get('id') ?? 'demo';
fetch(`/api/journey/${encodeURIComponent(id)}`)
  .then((answer) => answer.json())
  .then((journey) => { out.textContent = journey.title; });

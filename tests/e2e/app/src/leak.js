// The page calls the Journey API itself: whoever opens it has the key.
const out = document.getElementById('app');
const id = new URLSearchParams(location.search).get('id') ?? 'demo';
fetch(`https://jourvex-api.onrender.com/api/journey/${encodeURIComponent(id)}`, {
  headers: { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` },
})
  .then((answer) => answer.json())
  .then((journey) => { out.textContent = journey.title; });

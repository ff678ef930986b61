// Reads the key where nobody but this process sees it.
import { createServer } from 'node:http';

createServer(async (request, response) => {
  const answer = await fetch('https://jourvex-api.onrender.com' + request.url, {
    headers: { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` },
  });
  response.end(await answer.text());
}).listen(process.env.PORT ?? 8080);

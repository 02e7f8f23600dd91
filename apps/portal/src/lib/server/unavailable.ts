/** What is answered where not even the session can be read: no page of the portal can be drawn then. */
export const unavailable = (): Response =>
  new Response(
    `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Try again shortly</title></head>
<body><h1>Try again shortly</h1><p>The storage does not answer at this moment. Nothing was changed.</p></body>
</html>
`,
    {
      status: 503,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      },
    },
  )

export const How = () => (
  <main className="one">
    <title>How it works</title>
    <section className="card" aria-labelledby="how">
      <h1 id="how">How it works</h1>
      <ol className="steps">
        <li>You are sent to Civitai, which asks you what this app may do. Your password stays there.</li>
        <li>
          You come back with a code that works once. It is changed for tokens, which no page and no address holds.
        </li>
        <li>Tokens are renewed before they run out, and you take your permission back whenever you like.</li>
      </ol>
      <p className="soft">This very page was made before you came: who is here, it asked only when it was shown.</p>
    </section>
  </main>
)

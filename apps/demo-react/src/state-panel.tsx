import { states } from './states.ts'

export const StatePanel = ({ state }: { readonly state: string | undefined }) => (
  <aside className="card panel" aria-labelledby="machine">
    <h2 id="machine">Under the bonnet</h2>
    <p className="soft">The session is a machine. This is where it stands after this page was made.</p>
    <ol>
      {states.map(({ tag, means }) => (
        <li key={tag} aria-current={tag === state ? 'step' : undefined}>
          <strong>{tag}</strong>
          <span>{means}</span>
        </li>
      ))}
    </ol>
  </aside>
)

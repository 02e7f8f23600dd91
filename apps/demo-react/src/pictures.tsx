import { type SubmitEvent, useState } from 'react'
import type { Answer, Api } from './api.ts'

/** The first time, it asks the person for the permission it needs. */
export const Pictures = ({ api, onMade }: { readonly api: Api; readonly onMade: () => void }) => {
  const [answer, setAnswer] = useState<Answer>()
  const send = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { submitter } = event.nativeEvent
    const prompt = String(new FormData(event.currentTarget).get('prompt'))
    const make = submitter?.getAttribute('value') === 'make'
    setAnswer(await api.pictures(prompt, make))
    if (make) onMade()
  }
  return (
    <section className="card" aria-labelledby="make">
      <h2 id="make">Make two pictures</h2>
      <form className="make" onSubmit={(event) => void send(event)}>
        <label htmlFor="prompt">What shall they show?</label>
        <input id="prompt" name="prompt" required maxLength={200} defaultValue="A lighthouse at dawn" />
        <p className="row">
          <button>See what it costs</button>
          <button className="button" value="make">
            Make them
          </button>
        </p>
      </form>
      {answer && (
        <p className={answer.ok ? 'result' : 'notice'} role="status">
          {answer.text}
        </p>
      )}
    </section>
  )
}

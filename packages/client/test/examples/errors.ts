import { type Session, isAuthError } from '@civitai-oauth/client'

// #errors
export const balance = async (session: Session): Promise<string> => {
  try {
    const response = await session.fetch('/api/v1/buzz')
    return await response.text()
  } catch (error) {
    if (isAuthError(error) && error._tag === 'ServerUnavailable') return 'Civitai is busy: try again in a moment.'
    throw error
  }
}
// #end

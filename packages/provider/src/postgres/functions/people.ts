/** People, whose names are unique, and staff. */
import { defined } from './defined.ts'

const createPerson = defined(
  `civitai_create_person(uuid_ text, username_ text, email_ text, verified smallint, picture_ text, staff_ smallint,
    sample_ smallint, password_ text, now_ bigint)`,
  'TABLE (tag text, id_ bigint)',
  `
DECLARE made bigint;
BEGIN
  IF EXISTS (SELECT 1 FROM people WHERE lower(username) = lower(username_)) THEN
    RETURN QUERY SELECT 'username', 0::bigint; RETURN;
  END IF;
  IF EXISTS (SELECT 1 FROM people WHERE lower(email) = lower(email_)) THEN
    RETURN QUERY SELECT 'email', 0::bigint; RETURN;
  END IF;
  INSERT INTO people (uuid, username, email, email_verified, picture, staff, sample, password, created_at)
    VALUES (uuid_, username_, email_, verified, picture_, staff_, sample_, password_, now_) RETURNING id INTO made;
  RETURN QUERY SELECT 'Created', made;
EXCEPTION WHEN unique_violation THEN
  RETURN QUERY SELECT CASE WHEN EXISTS (SELECT 1 FROM people WHERE lower(username) = lower(username_))
    THEN 'username' ELSE 'email' END, 0::bigint;
END`,
)

const keepPerson = defined(
  'civitai_keep_person(uuid_ text, username_ text, email_ text, verified smallint, picture_ text, now_ bigint)',
  'TABLE (tag text, id_ bigint, staff_ smallint)',
  `
BEGIN
  RETURN QUERY INSERT INTO people AS p (uuid, username, email, email_verified, picture, staff, sample, password, created_at)
    VALUES (uuid_, username_, email_, verified, picture_, 0, 0, NULL, now_)
    ON CONFLICT (uuid) DO UPDATE SET username = excluded.username, email = excluded.email,
      email_verified = excluded.email_verified, picture = excluded.picture
    RETURNING 'Kept', p.id::bigint, p.staff::smallint;
EXCEPTION WHEN unique_violation THEN
  RETURN QUERY SELECT CASE WHEN EXISTS (SELECT 1 FROM people WHERE lower(username) = lower(username_) AND uuid <> uuid_)
    THEN 'username' ELSE 'email' END, 0::bigint, 0::smallint;
END`,
)

export const peopleFunctions: readonly string[] = [createPerson, keepPerson]

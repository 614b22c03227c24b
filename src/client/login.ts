import { loginMessage } from '../wire/authentication.js';

/** What the server says of a login. */
export interface LoginNews {
  /** The token that was shown is taken. `expiresIn`: seconds until it expires; null: never. */
  accepted(expiresIn: number | null): void;
  /** The token that was shown is not taken; `error` comes from the server. */
  refused(error: string): void;
  /** The token in use is about to expire. */
  expiring(): void;
}

/** The client's half of a login by message: it shows tokens, and keeps what the server says of them from the flow. */
export class Login {
  readonly #send: (text: string) => void;
  readonly #news: LoginNews;

  constructor(send: (text: string) => void, news: LoginNews) {
    this.#send = send;
    this.#news = news;
  }

  show(token: string): void {
    this.#send(JSON.stringify({ type: 'authenticate', token }));
  }

  /** @returns whether the message was one about the login; it is the flow's else */
  take(data: Buffer, isBinary: boolean): boolean {
    const message = isBinary ? undefined : loginMessage(data);
    switch (message?.type) {
      case undefined:
        return false;
      case 'authenticated':
        this.#news.accepted(message.expiresIn);
        return true;
      case 'expiring':
        this.#news.expiring();
        return true;
      case 'unauthorized':
        this.#news.refused(message.error);
        return true;
    }
  }
}

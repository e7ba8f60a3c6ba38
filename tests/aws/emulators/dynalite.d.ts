declare module 'dynalite' {
  import type { Server } from 'node:http';
  /** Times in milliseconds that tables take to become usable. */
  export default function dynalite(options?: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    path?: string;
  }): Server;
}

// What a shop without a tracker of its own puts on its pages:
//   <script async src="https://collector.example/ropo.js" data-key="web_..."></script>
// Sends a page view, and what the page says with ropo.track, ropo.identify and ropo.consent, as Segment messages.
// Consent is unknown until the page says: then the device's id lives as long as its tab. Granted, it stays; denied,
// there is none, and nothing is kept on the device but the answer.
((window, document) => {
  const script = document.currentScript;
  const endpoint = `${new URL(script.src).origin}/v1/b`;
  const MOST_KEPT = 50;
  const memory = {};

  // Storage may be forbidden; then everything lasts as long as the page.
  const storage = (kind) => {
    try {
      return window[kind];
    } catch {
      return null;
    }
  };
  const read = (kind, name) => {
    try {
      return storage(kind).getItem(`ropo_${name}`);
    } catch {
      return memory[name];
    }
  };
  const write = (kind, name, text) => {
    try {
      if (text) storage(kind).setItem(`ropo_${name}`, text);
      else storage(kind).removeItem(`ropo_${name}`);
    } catch {
      memory[name] = text;
    }
  };
  const uuid = () =>
    window.crypto.randomUUID?.() ??
    Array.from(window.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join('-');

  let consent = read('localStorage', 'consent') || script.dataset.consent || 'unknown';
  let userId;
  let queue = [];

  const anonymousId = () => {
    if (consent === 'denied') return;
    const id = read('localStorage', 'id') || read('sessionStorage', 'id') || uuid();
    write(consent === 'granted' ? 'localStorage' : 'sessionStorage', 'id', id);
    return id;
  };
  const keep = () => {
    queue = queue.slice(-MOST_KEPT);
    write('localStorage', 'queue', consent === 'granted' && queue.length ? JSON.stringify(queue) : '');
  };

  let isSending = false;
  let wait = 1000;
  const later = () => {
    isSending = false;
    setTimeout(send, wait);
    wait = Math.min(wait * 2, 60_000);
  };
  const send = (isLeaving) => {
    if (!queue.length || (isSending && !isLeaving)) return;
    const batch = queue.slice(0, 20);
    const body = JSON.stringify({ batch, writeKey: script.dataset.key, sentAt: new Date() });
    const done = () => {
      queue = queue.filter((message) => !batch.includes(message));
      keep();
    };
    if (isLeaving || !window.fetch) {
      if (navigator.sendBeacon?.(endpoint, body)) done();
      return;
    }
    isSending = true;
    // Without a header of its own the body goes as text/plain, which needs no preflight.
    fetch(endpoint, { method: 'POST', body, keepalive: body.length < 60_000, credentials: 'omit' }).then(
      (answer) => {
        if (answer.status === 429 || answer.status >= 500) return later();
        done();
        isSending = false;
        wait = 1000;
        send();
      },
      later,
    );
  };

  const say = (message) => {
    queue.push({
      messageId: uuid(),
      timestamp: new Date(),
      anonymousId: anonymousId(),
      userId,
      ...message,
      context: {
        page: { url: location.href, referrer: document.referrer, title: document.title },
        userAgent: navigator.userAgent,
        consent: { measurement: consent },
      },
    });
    keep();
    send();
  };

  try {
    queue = JSON.parse(read('localStorage', 'queue') || '[]');
  } catch {}
  addEventListener('pagehide', () => send(true));

  window.ropo = {
    page: (properties) => say({ type: 'page', properties }),
    track: (event, properties) => say({ type: 'track', event, properties }),
    identify: (id, traits) => {
      if (consent === 'denied') return;
      userId = id;
      say({ type: 'identify', traits });
    },
    consent: (isGranted) => {
      consent = isGranted ? 'granted' : 'denied';
      write('localStorage', 'consent', consent);
      if (isGranted) return anonymousId();
      userId = undefined;
      for (const kind of ['localStorage', 'sessionStorage']) write(kind, 'id');
      keep();
    },
  };
  window.ropo.page();
})(window, document);

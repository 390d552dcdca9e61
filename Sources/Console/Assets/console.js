// What the pages do beyond plain HTML. Everything here can be done without it.
'use strict';
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector) => document.querySelector(selector);
  const body = document.body;

  // Times: how long ago, kept true.
  const words = (then) => {
    const seconds = Math.floor((Date.now() - then) / 1000);
    if (seconds < -60) return null;
    if (seconds < 60) return Math.max(0, seconds) + ' s';
    if (seconds < 3600) return Math.floor(seconds / 60) + ' min';
    if (seconds < 86400) return Math.floor(seconds / 3600) + ' h';
    if (seconds < 31 * 86400) return Math.floor(seconds / 86400) + ' d';
    return null;
  };
  const tell = (time) => {
    const text = words(Date.parse(time.dateTime));
    if (text && /^\d+ (s|min|h|d)$/.test(time.textContent)) time.textContent = text;
  };
  setInterval(() => { if (!document.hidden) all('time').forEach(tell); }, 10000);

  document.addEventListener('mouseover', (event) => {
    const time = event.target.closest && event.target.closest('time');
    if (time && !time.title) time.title = time.dateTime;
  });

  // Choosing rows.
  const bulk = one('#bulk');
  const boxes = bulk ? all('input[name=issue]', bulk) : [];
  const pickAll = one('#pick-all');
  let lastBox = -1;
  const showChosen = () => {
    const count = boxes.filter((box) => box.checked).length;
    boxes.forEach((box) => box.closest('tr').classList.toggle('chosen', box.checked));
    const label = one('#chosen');
    if (label) label.textContent = count ? count + ' chosen:' : 'Chosen issues:';
    if (pickAll) { pickAll.checked = count > 0 && count === boxes.length; pickAll.indeterminate = count > 0 && count < boxes.length; }
  };
  const choose = (place, isRange) => {
    const from = isRange && lastBox >= 0 ? lastBox : place;
    for (let other = Math.min(place, from); other <= Math.max(place, from); other++) boxes[other].checked = boxes[place].checked;
    lastBox = place;
    showChosen();
  };
  boxes.forEach((box, place) => box.addEventListener('click', (event) => choose(place, event.shiftKey)));
  if (pickAll) pickAll.addEventListener('change', () => { boxes.forEach((box) => { box.checked = pickAll.checked; }); showChosen(); });
  showChosen();

  // Going through rows.
  const rows = all('.issues tbody tr');
  let at = -1;
  const go = (place) => {
    if (!rows.length) return false;
    if (at >= 0) rows[at].classList.remove('at');
    at = Math.min(Math.max(place, 0), rows.length - 1);
    rows[at].classList.add('at');
    rows[at].querySelector('td a').focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: 'nearest' });
    return true;
  };
  const rowKeys = {
    j: () => go(at + 1), k: () => go(at - 1), ArrowDown: () => go(at + 1), ArrowUp: () => go(at - 1),
    o: () => at >= 0 && (rows[at].querySelector('td a').click(), true),
    x: () => at >= 0 && boxes[at] && (boxes[at].click(), true),
    X: () => at >= 0 && boxes[at] && (boxes[at].checked = true, choose(at, true), true),
    '*': () => pickAll && (pickAll.click(), true),
  };

  // Single keys: whatever names one with data-key is pressed by it.
  let prefix = '';
  let prefixTime = 0;
  const press = (key) => {
    const target = all('[data-key]').find((element) => element.dataset.key === key && element.offsetParent !== null);
    if (!target) return false;
    if (target.tagName === 'INPUT' && target.type !== 'radio') { target.focus(); target.select(); return true; }
    if (target.tagName === 'SUMMARY') {
      target.click();
      const field = target.parentElement.querySelector('input:not([type=hidden]), select, textarea');
      if (field) setTimeout(() => field.focus(), 0);
      return true;
    }
    if (target.closest('#bulk') && !boxes.some((box) => box.checked)) {
      if (at < 0 || !boxes[at]) return false;
      boxes[at].checked = true;
      showChosen();
    }
    target.click();
    return true;
  };
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      const open = one('details.menu[open]');
      if (open) { open.open = false; open.querySelector('summary').focus(); } else if (document.activeElement) document.activeElement.blur();
      return;
    }
    if (!body.dataset.keys || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const field = event.target.closest('input, select, textarea');
    if (field && !['checkbox', 'radio'].includes(field.type)) return;
    const recent = prefix && Date.now() - prefixTime < 1500;
    const key = recent ? prefix + ' ' + event.key : event.key;
    prefix = '';
    if (key === 'g') { prefix = 'g'; prefixTime = Date.now(); return; }
    if (key === '?') { location.href = '/help#keys'; return; }
    const isArrow = key.startsWith('Arrow');
    if (isArrow && (at < 0 || field)) return;
    const done = (rows.length && rowKeys[key] && rowKeys[key]()) || press(key);
    if (done) event.preventDefault();
  });
  document.addEventListener('click', (event) => {
    all('details.menu[open]').forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // Words for the query: the last one is completed.
  const query = one('#query');
  if (query) {
    const known = query.dataset.words.split(' ');
    const list = one('#query-words');
    query.addEventListener('input', () => {
      const cut = Math.max(query.value.lastIndexOf(' '), query.value.lastIndexOf('(')) + 1;
      const start = query.value.slice(0, cut);
      const word = query.value.slice(cut).replace(/^-/, '');
      const sign = query.value.slice(cut).startsWith('-') ? '-' : '';
      list.replaceChildren(...(word ? known.filter((each) => each.startsWith(word) && each !== word).slice(0, 12) : []).map((each) => {
        const option = document.createElement('option');
        option.value = start + sign + each;
        return option;
      }));
    });
  }

  // Copying.
  all('[data-copy]').forEach((link) => link.addEventListener('click', async (event) => {
    if (!navigator.clipboard) return;
    event.preventDefault();
    const from = link.dataset.copy;
    const text = from === 'link' ? link.href : from ? one(from).textContent : await (await fetch(link.href)).text();
    await navigator.clipboard.writeText(text);
    const name = link.textContent;
    link.textContent = 'copied';
    setTimeout(() => { link.textContent = name; }, 1500);
  }));

  // Live: counts change in place; what is new is announced and never moves a row.
  const watched = one('[data-live]');
  if (watched && window.EventSource) {
    const sign = one('#live');
    const fresh = new Set();
    let stream = null;
    let paused = false;
    const say = (word, isOff) => { sign.hidden = false; sign.classList.toggle('off', isOff); one('#live-word').textContent = word; };
    const open = () => {
      if (stream || paused || document.hidden) return;
      stream = new EventSource(watched.dataset.live);
      stream.onopen = () => say('live', false);
      stream.onerror = () => say('waiting', true);
      stream.addEventListener('count', (event) => {
        const { inbox, total } = JSON.parse(event.data);
        const badge = one('#inbox-count');
        if (badge) { badge.textContent = inbox; badge.hidden = inbox === '0'; }
        const sum = one('#total');
        if (sum && total) sum.textContent = total;
      });
      stream.addEventListener('rows', (event) => {
        for (const row of JSON.parse(event.data).rows) {
          const line = one('tr[data-id="' + CSS.escape(row.id) + '"]');
          if (!line) { if (rows.length || one('#fresh')) fresh.add(row.id); continue; }
          // Of what the table shows, the count is the last number, the last event the last time, the owner the last cell.
          const shows = (name) => line.closest('table').classList.contains(name);
          const count = shows('count') && all('.n', line).pop();
          if (count && count.textContent !== row.count) {
            count.textContent = row.count;
            line.classList.add('touched');
            setTimeout(() => line.classList.remove('touched'), 2000);
          }
          const time = shows('last') && all('time', line).pop();
          if (time) { time.dateTime = row.last; tell(time); }
          if (shows('owner')) line.lastElementChild.textContent = row.owner;
        }
        const note = one('#fresh');
        if (note && fresh.size) { note.hidden = false; note.textContent = fresh.size + ' new – show'; }
      });
    };
    const close = () => { if (stream) { stream.close(); stream = null; } };
    sign.addEventListener('click', () => {
      paused = !paused;
      one('#live-said').textContent = paused ? 'Live updates are paused' : 'Live updates go on';
      if (paused) { close(); say('paused', true); } else { say('waiting', true); open(); }
    });
    document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
    window.addEventListener('pagehide', close);
    open();
  }
})();

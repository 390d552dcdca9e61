// Runs in a page and returns what is wrong with it, one sentence each: WCAG 2.2 AA as far as a program can see it.
const faults = [];
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const place = (element) => {
  const text = (element.textContent || element.value || '').trim().replace(/\s+/g, ' ').slice(0, 40);
  const names = element.id ? '#' + element.id : element.className && element.className.baseVal === undefined
    ? '.' + String(element.className).trim().replace(/\s+/g, '.') : '';
  return element.tagName.toLowerCase() + names + (text ? ' "' + text + '"' : '');
};
const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
// Shown to readers of the screen only.
const isClipped = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const style = getComputedStyle(each);
    if (style.clipPath.startsWith('inset(50%') || (style.position === 'absolute' && parseFloat(style.left) < -999)) {
      return true;
    }
  }
  return false;
};

// Colours: any CSS colour as red, green, blue and opacity, by drawing it. A canvas of the page's own never gets shown.
const canvas = document.createElement('canvas');
canvas.width = canvas.height = 1;
const brush = canvas.getContext('2d', { willReadFrequently: true });
const known = new Map();
const colour = (text) => {
  if (!known.has(text)) {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = text;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue, opacity] = brush.getImageData(0, 0, 1, 1).data;
    known.set(text, [red, green, blue, opacity / 255]);
  }
  return known.get(text);
};
const over = (top, bottom) => [0, 1, 2].map((each) => top[each] * top[3] + bottom[each] * (1 - top[3])).concat(1);
const backgroundOf = (element) => {
  const layers = [];
  for (let each = element; each; each = each.parentElement) {
    const layer = colour(getComputedStyle(each).backgroundColor);
    layers.push(layer);
    if (layer[3] === 1) break;
  }
  return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
};
// Relative luminance and contrast ratio: WCAG 2.2, section 5 "Glossary".
const luminance = (parts) => {
  const [red, green, blue] = parts.slice(0, 3).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (light + 0.05) / (dark + 0.05);
};

// The name that a reader of the screen says: accessible name computation, as far as these pages need it.
const nameOf = (element) => {
  const by = element.getAttribute('aria-labelledby');
  if (by) return by.split(/\s+/).map((id) => (document.getElementById(id) || {}).textContent || '').join(' ').trim();
  if (element.getAttribute('aria-label')) return element.getAttribute('aria-label').trim();
  if (element.labels && element.labels.length) {
    const text = Array.from(element.labels).map((label) => label.textContent).join(' ').trim();
    if (text) return text;
  }
  if (element.matches('input, select, textarea')) return (element.title || '').trim();
  return (element.textContent || element.title || '').trim();
};

// The document.
if (!document.documentElement.lang) faults.push('the page has no language');
if (!document.title.trim()) faults.push('the page has no title');
if (all('h1').length !== 1) faults.push(all('h1').length + ' headings of the first level instead of one');
if (all('main').length !== 1) faults.push('not one main landmark');
if (!all('nav').length) faults.push('no navigation landmark');
if (all('nav').length > 1 && all('nav').some((each) => !nameOf(each) || !(each.getAttribute('aria-label')
  || each.getAttribute('aria-labelledby')))) faults.push('several navigations, one of them without a name');
const skip = document.querySelector('a[href^="#"]');
if (!skip || !document.querySelector(skip.getAttribute('href'))) faults.push('no link skips to the main part');
const meta = document.querySelector('meta[name=viewport]');
if (!meta || /user-scalable=no|maximum-scale/.test(meta.content)) faults.push('the page cannot be made larger');
const ids = new Set();
for (const element of all('[id]')) {
  if (ids.has(element.id)) faults.push('the id ' + element.id + ' is there twice');
  ids.add(element.id);
}
let level = 0;
for (const heading of all('h1, h2, h3, h4')) {
  const own = Number(heading.tagName[1]);
  if (own > level + 1) faults.push('a heading of level ' + own + ' behind one of level ' + level + ': ' + place(heading));
  level = own;
}
for (const element of all('[aria-labelledby], [aria-describedby], [for], [list]')) {
  for (const name of ['aria-labelledby', 'aria-describedby', 'for', 'list']) {
    for (const id of (element.getAttribute(name) || '').split(/\s+/).filter(Boolean)) {
      if (!document.getElementById(id)) faults.push(name + ' of ' + place(element) + ' names ' + id + ', which is not there');
    }
  }
}
if (all('[style], style').length) faults.push('the page has styles inside');
if (all('script:not([src])').length) faults.push('the page has a script inside');
for (const element of all('*')) {
  for (const attribute of element.attributes) {
    if (/^on/.test(attribute.name)) faults.push('a handler as an attribute: ' + place(element) + ' ' + attribute.name);
    if (['href', 'src', 'action', 'formaction'].includes(attribute.name) && /^\s*(javascript|data|vbscript):/i.test(attribute.value)) {
      faults.push('an address that runs: ' + place(element) + ' ' + attribute.value);
    }
  }
}

// Names.
const controls = all('a[href], button, input:not([type=hidden]), select, textarea, summary')
  .filter((each) => !each.closest('[hidden]'));
for (const control of controls) {
  if (!nameOf(control)) faults.push('no name: ' + place(control));
  if (control.tabIndex > 0) faults.push('an order of its own: ' + place(control));
}
for (const image of all('img')) if (!image.hasAttribute('alt')) faults.push('no alt: ' + place(image));
for (const image of all('svg')) {
  if (!image.closest('[aria-hidden=true]') && !image.getAttribute('aria-label') && !image.querySelector('title')) {
    faults.push('a picture without words: ' + place(image.parentElement));
  }
}
for (const table of all('table')) {
  if (all('th', table).some((head) => !head.hasAttribute('scope'))) faults.push('a head of a table without scope');
}
for (const group of all('ul, ol')) {
  if (Array.from(group.children).some((child) => child.tagName !== 'LI')) faults.push('a list of no items: ' + place(group));
}
for (const heading of all('th')) {
  if (!heading.textContent.trim() && !heading.querySelector('input, [aria-label]')) faults.push('an empty head of a table');
}

// Sizes: 24 by 24 pixels, or in a line of text (WCAG 2.5.8).
for (const control of controls.filter((each) => isShown(each) && !isClipped(each))) {
  const box = (control.closest('label') || control).getBoundingClientRect();
  const isInText = control.tagName === 'A' && getComputedStyle(control).display === 'inline';
  if (!isInText && (box.width < 24 || box.height < 24) && !(control.labels && control.labels.length)) {
    const own = control.getBoundingClientRect();
    // Small with room round it is as good: nothing else within 24 pixels of its middle.
    const [x, y] = [own.x + own.width / 2, own.y + own.height / 2];
    const isCrowded = controls.some((other) => other !== control && isShown(other) && !isClipped(other)
      && Array.from(other.getClientRects()).some((rect) => {
        const across = Math.max(rect.left - x, x - rect.right, 0);
        const down = Math.max(rect.top - y, y - rect.bottom, 0);
        return Math.hypot(across, down) < 12;
      }));
    if (isCrowded) faults.push('small: ' + place(control) + ' ' + Math.round(box.width) + ' × ' + Math.round(box.height));
  }
}

// Contrast of text, 4.5, and of large text, 3.
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const seen = new Set();
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || seen.has(element)) continue;
  seen.add(element);
  if (element.closest('svg, script, noscript, option, datalist, [hidden]') || !isShown(element) || isClipped(element)) continue;
  const style = getComputedStyle(element);
  const background = backgroundOf(element);
  const ratio = contrast(over(colour(style.color), background), background);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (isLarge ? 3 : 4.5)) faults.push('contrast ' + ratio.toFixed(2) + ': ' + place(element));
  if (size < 11) faults.push('letters of ' + size + ' px: ' + place(element));
}
// Contrast of the edge of a field, 3 (WCAG 1.4.11).
for (const field of all('input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, textarea')) {
  if (!isShown(field) || isClipped(field)) continue;
  const behind = backgroundOf(field.parentElement);
  const ratio = contrast(over(colour(getComputedStyle(field).borderTopColor), behind), behind);
  if (ratio < 3) faults.push('edge ' + ratio.toFixed(2) + ': ' + place(field));
}
// The bars of pictures.
for (const shape of all('svg rect, svg path:not(.ground)')) {
  const style = getComputedStyle(shape);
  const behind = backgroundOf(shape.closest('svg').parentElement);
  const ink = style.fill === 'none' ? style.stroke : style.fill;
  const ratio = contrast(over(colour(ink), behind), behind);
  if (ratio < 3) faults.push('picture ' + ratio.toFixed(2) + ': ' + (shape.getAttribute('class') || shape.tagName));
}

// The page is as wide as the window.
const width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > width) {
  const wide = all('body *').filter((each) => each.getBoundingClientRect().right > width + 1 && isShown(each) && !isClipped(each));
  faults.push('wider than the window by ' + (document.documentElement.scrollWidth - width) + ': '
    + wide.slice(0, 3).map(place).join(', '));
}
return Array.from(new Set(faults));

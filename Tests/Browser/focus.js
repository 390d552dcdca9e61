// What has the focus now: its place in the document, whether a ring is seen round it, and what it is.
const element = document.activeElement;
if (!element || element === document.body) return null;
const style = getComputedStyle(element);
const box = element.getBoundingClientRect();
const hasRing = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
return {
  place: Array.from(document.querySelectorAll('*')).indexOf(element),
  name: element.tagName + ' ' + (element.getAttribute('aria-label') || element.textContent || element.name || '').trim().slice(0, 30),
  hasRing: hasRing,
  isSeen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
};

// The least tray application that Electron can be: an icon and a menu, no window. peers.py measures it.
const { app, Menu, nativeImage, Tray } = require("electron");

const RED = nativeImage.createFromBuffer(Buffer.alloc(22 * 22 * 4, 255), { width: 22, height: 22 });
let tray; // kept, or the icon goes with the next garbage collection

app.on("window-all-closed", () => {}); // it lives in the tray
app.whenReady().then(() => {
  tray = new Tray(RED);
  tray.setContextMenu(Menu.buildFromTemplate([{ label: "Quit", role: "quit" }]));
});
